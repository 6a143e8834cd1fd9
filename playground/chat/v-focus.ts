import type { ObjectDirective } from 'vue';

/** Moves the focus to what has just come: logging in or out removes the control that had it. */
export const vFocus: ObjectDirective<HTMLElement> = { mounted: (element) => element.focus() };
