import type { ObjectDirective } from 'vue';

/** Moves the focus to what has just come: logging in or out removes the control that had it. `false` leaves it. */
export const vFocus: ObjectDirective<HTMLElement, boolean | undefined> = {
  mounted(element, { value }) {
    if (value !== false) element.focus({ preventScroll: true });
  },
};
