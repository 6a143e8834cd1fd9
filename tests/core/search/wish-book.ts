/** What is away: the page was left, the component was deactivated, or nobody has seen the page for long. */
export type Away = 'page' | 'component' | 'sight';

/** What the user and the page want of a connection, kept from outside. */
export class WishBook {
  /** What was asked for in the event that is going on, by the event itself or by callbacks. */
  readonly commands = new Set<'open' | 'close' | 'drain' | 'leave' | 'send' | 'new url' | 'no url'>();
  /** `open()` or a new url asked for a connection, and nothing took that back. */
  wanted = false;
  /** What is out of sight since the last attempt, in the order in which it went. */
  readonly away = new Set<Away>();
  /** The same as far as the engine can have heard: who rests does not hear the page. */
  readonly heardAway = new Set<Away>();
  /** The url of the last attempt, and the one that what is buffered is for. */
  lastUrl: string | undefined;
  bufferUrl: string | undefined;
  /** Attempts made after waiting, since the connection last stood or was asked for. */
  retried = 0;
  /** The attempt was made anew, since the url had changed. */
  renewed = false;
  /** The last attempt was for another url than the next one: that one is no retry. */
  #isExcused = false;

  get asked(): boolean {
    return this.commands.has('open') || this.commands.has('new url');
  }

  /** What was asked for may have to wait its turn. */
  get isToChange(): boolean {
    return (
      this.asked ||
      this.commands.has('close') ||
      this.commands.has('drain') ||
      this.commands.has('leave') ||
      this.commands.has('no url')
    );
  }

  open(url: string | undefined): void {
    this.commands.add('open');
    this.wanted = !!url;
    this.retried = 0;
    this.renewed = false;
    if (!url) return;
    this.away.clear();
    this.heardAway.clear();
  }

  close(how: 'close' | 'leave'): void {
    this.commands.add(how);
    this.wanted = false;
  }

  changeUrl(url: string | undefined, isPreparing: boolean): void {
    this.commands.add(url ? 'new url' : 'no url');
    this.wanted = !!url;
    this.retried = 0;
    if (!isPreparing || !url) this.renewed = false;
  }

  keep(url: string | undefined): void {
    this.bufferUrl = url ?? this.bufferUrl;
  }

  setAway(reason: Away, isAway: boolean, isHeard: boolean): void {
    for (const away of [this.away, this.heardAway]) {
      // A return that the engine does not hear is one all the same; what it does not hear go may stay.
      if (!isHeard && (isAway || away === this.heardAway)) continue;
      if (isAway) {
        if (reason !== 'sight') away.delete('sight');
        away.add(reason);
      }
      // A component comes back to a page that is there.
      else if (away.delete(reason) && reason === 'component') away.clear();
    }
  }

  /** An attempt starts. Answers whether it may: `open()` always may, a new url must wait for the component. */
  attempt(url: string | undefined, isAnew: boolean): boolean {
    this.renewed ||= isAnew && !this.asked;
    const may = !this.away.size || this.commands.has('open') || (!this.away.has('component') && this.asked);
    this.lastUrl = this.bufferUrl = url;
    this.away.clear();
    this.heardAway.clear();
    return may;
  }

  /** An attempt is over: it has led to this phase. */
  attempted(phase: string, wasOutdated: boolean): void {
    if (phase === 'open') this.renewed = false;
    this.#isExcused = wasOutdated;
  }

  /** One of the retries starts, unless somebody asked. */
  retry(): void {
    this.retried = this.asked ? 0 : this.retried + Number(!this.#isExcused);
  }
}
