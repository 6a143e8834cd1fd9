import type { Person } from '../protocol/chat.ts';

/** What has happened to the others between two lists of who is here. */
export function presenceNotices(before: readonly Person[], now: readonly Person[], own: string): string[] {
  const notices: string[] = [];
  for (const { id, name, isSilent } of now) {
    const known = before.find((person) => person.id === id);
    if (id === own) continue;
    if (!known) notices.push(`${name} is here`);
    else if (isSilent && !known.isSilent) notices.push(`${name} has gone silent`);
    else if (!isSilent && known.isSilent) notices.push(`${name} is heard again`);
  }
  for (const { id, name } of before) {
    if (id !== own && !now.some((person) => person.id === id)) notices.push(`${name} has left`);
  }
  return notices;
}
