/**
 * Reads the text of an event stream as the standard says (WHATWG HTML, 9.2.6), for the page: a quarter of what a package
 * for it weighs. Our server's frames and a proxy's oddities alike; what it reads is tested against eventsource-parser.
 */
export interface Heard {
  name: string;
  data: string;
  /** The frame's own; the standard's "last" one is the cursor, which others keep. */
  id: string | null;
}

/** Takes text as it comes, cut anywhere, and gives the frames that it completes. `retry` hears of milliseconds. */
export function eventReader(retry: (ms: number) => void = () => undefined): (text: string) => Heard[] {
  let rest = "";
  let isFirst = true;
  let name = "";
  let data: string[] = [];
  let id: string | null = null;

  const take = (line: string): Heard | null => {
    if (line === "") {
      const heard = data.length > 0 ? { name: name || "message", data: data.join("\n"), id } : null;
      [name, data, id] = ["", [], null];
      return heard;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
    else if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "retry" && /^\d+$/.test(value)) retry(Number(value));
    return null;
  };

  return (text) => {
    const isMore = !/[\r\n]/.test(text);
    rest += text;
    if (isFirst && rest !== "") {
      isFirst = false;
      if (rest.startsWith("\uFEFF")) rest = rest.slice(1);
    }
    // A long text is one line, which comes in many pieces: what was searched isn't searched again for each of them.
    if (isMore) return [];
    // A carriage return at the end may be half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    return lines.flatMap((line) => take(line) ?? []);
  };
}
