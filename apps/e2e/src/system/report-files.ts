import { inflateRawSync, inflateSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** The rows of a CSV file by the names of its columns. */
export const rowsOf = (csv: Buffer) => parse(csv, { bom: true, columns: true }) as Record<string, string>[];

/** The files of a ZIP archive by their names, from its central directory. */
export function unzipped(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  let at = bytes.readUInt32LE(bytes.lastIndexOf(Buffer.from('PK\x05\x06')) + 16);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [packed, nameLength, extra, comment] = [20, 28, 30, 32].map((offset) =>
      offset === 20 ? bytes.readUInt32LE(at + offset) : bytes.readUInt16LE(at + offset),
    ) as [number, number, number, number];
    const local = bytes.readUInt32LE(at + 42);
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(begin, begin + packed);
    const isPacked = bytes.readUInt16LE(at + 10) === 8;
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString();
    files.set(name, (isPacked ? inflateRawSync(content) : content).toString());
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** The cells of a workbook's sheets, row by row: numbers as numbers, everything else as text. */
export function sheetsOf(workbook: Buffer): (string | number | null)[][][] {
  const files = unzipped(workbook);
  const texts = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, item]) =>
    unescaped([...item!.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, text]) => text).join('')),
  );
  const sheets = [...files.keys()].filter((name) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name)).sort();
  const cellOf = (attributes: string, content: string): string | number | null => {
    const value = /<v>(.*?)<\/v>/s.exec(content)?.[1];
    if (/t="s"/.test(attributes)) return texts[Number(value)] ?? null;
    if (/t="inlineStr"/.test(attributes)) return unescaped(/<t[^>]*>(.*?)<\/t>/s.exec(content)?.[1] ?? '');
    return value === undefined ? null : Number(value);
  };
  return sheets.map((name) =>
    [...files.get(name)!.matchAll(/<row[^>]*>(.*?)<\/row>/gs)].map(([, row]) =>
      [...row!.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes, content]) =>
        cellOf(attributes!, content ?? ''),
      ),
    ),
  );
}

/** What the streams of a PDF hold, by the numbers of their objects. */
function streamsOf(pdf: Buffer): Map<number, string> {
  const text = pdf.toString('latin1');
  const found = [...text.matchAll(/(\d+) 0 obj\s*<<((?:(?!endobj).)*?)>>\s*stream\r?\n/gs)];
  return new Map(
    found.map((match) => {
      const begin = match.index + match[0].length;
      const content = pdf.subarray(begin, text.indexOf('endstream', begin));
      const isPacked = match[2]!.includes('FlateDecode');
      return [Number(match[1]), (isPacked ? inflateSync(content) : content).toString('latin1')];
    }),
  );
}

/** What each glyph of a font stands for, from its map to Unicode. */
function glyphsOf(map: string): Map<number, string> {
  const glyphs = new Map<number, string>();
  for (const [, first, , list] of map.matchAll(/<([\da-f]{4})> <([\da-f]{4})> \[(.*?)\]/gis))
    [...list!.matchAll(/<([\da-f ]+)>/gi)].forEach(([, hex], index) => {
      // A ligature stands for several.
      const units = hex!.match(/[\da-f]{4}/gi)!.map((unit) => Number.parseInt(unit, 16));
      glyphs.set(Number.parseInt(first!, 16) + index, String.fromCharCode(...units));
    });
  return glyphs;
}

/** The texts of a PDF as pdfmake writes it, in the order in which they are drawn: one for each line that is shown. */
export function textsOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  const streams = streamsOf(pdf);
  const fontObjects = new Map(
    [...text.matchAll(/(\d+) 0 obj\s*<<((?:(?!endobj).)*?\/ToUnicode (\d+) 0 R(?:(?!endobj).)*?)>>\s*endobj/gs)].map(
      (match) => [Number(match[1]), glyphsOf(streams.get(Number(match[3])) ?? '')],
    ),
  );
  const fonts = new Map(
    [...text.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name, object]) => [name!, fontObjects.get(Number(object))]),
  );
  const texts: string[] = [];
  for (const content of streams.values()) {
    if (!/\bBT\b/.test(content)) continue;
    let glyphs: Map<number, string> | undefined;
    for (const [, font, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
      if (font) glyphs = fonts.get(font);
      else
        texts.push(
          [...shown!.matchAll(/<([\da-f]+)>/gi)]
            .flatMap(([, hex]) => hex!.match(/.{4}/g)!)
            .map((glyph) => glyphs?.get(Number.parseInt(glyph, 16)) ?? '?')
            .join(''),
        );
    }
  }
  return texts;
}
