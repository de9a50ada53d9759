// HTTP's chunks taken off a body, cut anywhere.
const CRLF = Buffer.from("\r\n");

export class Chunks {
  /** The last chunk has come: the server ended the body in good order. */
  isDone = false;
  #rest: Buffer = Buffer.alloc(0);
  /** What is still to come of the chunk we are in. */
  #left = 0;

  *feed(data: Buffer): Generator<Buffer, void> {
    let rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    while (rest.length > 0 && !this.isDone) {
      if (this.#left > 0) {
        const part = rest.subarray(0, this.#left);
        this.#left -= part.length;
        rest = rest.subarray(part.length);
        yield part;
        continue;
      }
      // A size stands between two line ends; the first of them ends the chunk before.
      const from = rest.indexOf(CRLF) === 0 ? 2 : 0;
      const end = rest.indexOf(CRLF, from);
      if (end === -1) break;
      this.#left = Number.parseInt(rest.toString("latin1", from, end), 16);
      if (!Number.isInteger(this.#left)) throw new Error(`a chunk has a size: ${rest.toString("latin1", from, end)}`);
      this.isDone = this.#left === 0;
      rest = rest.subarray(end + 2);
    }
    this.#rest = rest;
  }
}
