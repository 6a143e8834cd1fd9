/** What runs in a page under a strict content security policy: the status of an app's connection, and a diary of what is seen. */
import { createApp, createSSRApp, h } from 'vue';
import { createHeartbeatSocket, HeartbeatSocketStatus } from 'vue-heartbeat-socket';

declare global {
  interface Window {
    strict: {
      /** What was seen of the status, in order, each text once. */
      readonly seen: string[];
      /** What the policy has forbidden. */
      readonly violations: string[];
      /** Mounts the app, or hydrates it if the server has rendered it. */
      start(): void;
    };
  }
}

const root = document.querySelector('#app') as HTMLElement;
const seen: string[] = [];
const violations: string[] = [];

addEventListener('securitypolicyviolation', ({ violatedDirective, sample }) => {
  violations.push(`${violatedDirective} ${sample}`);
});

/** Whether a text can be pointed at: text that is clipped away cannot. */
function isSeen(text: Text): boolean {
  const range = document.createRange();
  range.selectNodeContents(text);
  const { left, top, width, height } = range.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) === text.parentElement;
}

function look(): void {
  const texts: string[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    if (text.data.trim() && isSeen(text)) texts.push(text.data);
  }
  const all = texts.join(' | ');
  if (all !== seen.at(-1)) seen.push(all);
}

const lookAgain = (): void => {
  look();
  requestAnimationFrame(lookAgain);
};
lookAgain();
// What is changed in several steps is looked at after each task of Vue, too.
new MutationObserver(look).observe(root, { subtree: true, childList: true, attributes: true, characterData: true });

function start(): void {
  const app = (root.firstElementChild ? createSSRApp : createApp)({
    render: () => h(HeartbeatSocketStatus, { announceAfter: 300 }),
  });
  app.use(createHeartbeatSocket({ url: '/live', heartbeat: false }));
  app.mount(root);
}

window.strict = { seen, violations, start };
