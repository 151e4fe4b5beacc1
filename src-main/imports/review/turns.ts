type Work<T> = () => Promise<T>;

/** Works that are done one after the other; what is wanted soon goes before, and between the parts of a long one. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();
  private readonly wanted: Work<unknown>[] = [];

  /** Does the work after all that were asked for before. Its error is the caller's; the next work is done all the same. */
  next<T>(work: Work<T>): Promise<T> {
    const turn = this.last.then(() => this.pause()).then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** Does the work before the next one begins, or where the one under way pauses. */
  soon<T>(work: Work<T>): Promise<T> {
    const done = new Promise<T>((resolve, reject) => {
      this.wanted.push(() => work().then(resolve, reject));
    });
    // Where nobody else comes, it has a turn of its own.
    void this.next(() => Promise.resolve());
    return done;
  }

  /** Does what is wanted soon; for the work under way, between two of its parts. */
  async pause(): Promise<void> {
    for (let work = this.wanted.shift(); work !== undefined; work = this.wanted.shift()) await work();
  }
}
