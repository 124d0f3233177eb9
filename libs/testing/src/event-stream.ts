/** One event of a stream, as the HTML standard reads it. */
export interface StreamEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** Reads the text of an event stream, in whatever pieces it comes. */
export class EventStreamReader {
  private rest = '';
  private event = 'message';
  private data: string[] = [];
  private id: string | undefined;

  /** The events that are complete with this piece. */
  read(piece: string): StreamEvent[] {
    const lines = (this.rest + piece).split('\n');
    this.rest = lines.pop()!;
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): StreamEvent[] {
    if (line === '') {
      const events = this.data.length > 0 ? [{ event: this.event, id: this.id, data: this.data.join('\n') }] : [];
      [this.event, this.data, this.id] = ['message', [], undefined];
      return events;
    }
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
    if (name === 'event') this.event = value;
    if (name === 'data') this.data.push(value);
    if (name === 'id') this.id = value;
    return [];
  }
}
