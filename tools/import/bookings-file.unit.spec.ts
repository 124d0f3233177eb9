import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neededColumns } from './bookings-columns';
import { type FileRow, readBookings } from './bookings-file';

const header = [...neededColumns, 'hotel'].join(',');
const row = (hotel: string): string => `2024,May,1,0,1,50,Check-Out,${hotel}`;

async function collect(file: string): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for await (const each of readBookings(file)) rows.push(each);
  return rows;
}

describe('reading a bookings file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bookings-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function read(text: string): Promise<FileRow[]> {
    const file = join(folder, 'bookings.csv');
    await writeFile(file, text);
    return collect(file);
  }
  const hotelsByLine = (rows: FileRow[]): [number, string][] =>
    rows.map((each) => [each.line, 'booking' in each ? each.booking.hotel : each.malformed]);

  it('knows the line of each row, past empty lines, a byte order mark and Windows line ends', async () => {
    const rows = await read(`\uFEFF${header}\r\n${row('a')}\r\n\r\n${row(' b ')}\r\n${row('c')}`);
    expect(hotelsByLine(rows)).toEqual([
      [2, 'a'],
      [4, 'b'],
      [5, 'c'],
    ]);
  });

  it('reads quoted values', async () => {
    const rows = await read(`${header}\n${row('"Sea, ""View"""')}\n`);
    expect(hotelsByLine(rows)).toEqual([[2, 'Sea, "View"']]);
  });

  it('keeps the rows after a stray quotation mark or a row of another length', async () => {
    const rows = await read(`${header}\n${row('"open')}\n${row('a')}\n1,2\n${row('b"')}\n${row('c')}\n`);
    expect(hotelsByLine(rows)).toEqual([
      [2, 'a quotation mark is out of place'],
      [3, 'a'],
      [4, 'the row has 2 columns where the first line has 8'],
      [5, 'a quotation mark is out of place'],
      [6, 'c'],
    ]);
  });

  it('reads lines that are cut by the end of a chunk', async () => {
    const count = 5000;
    const rows = await read(`${header}\n${Array.from({ length: count }, (_, n) => `${row(`é${n}`)}\n`).join('')}`);
    expect(hotelsByLine(rows)).toEqual(Array.from({ length: count }, (_, n) => [n + 2, `é${n}`]));
  });

  it('refuses a file without the columns it needs, without a line or without line ends', async () => {
    await expect(read('hotel,adr\n')).rejects.toThrow('does not name arrival_date_year');
    await expect(read('')).rejects.toThrow('is empty');
    await expect(read('x'.repeat(2_000_000))).rejects.toThrow('does not end');
    await expect(collect(join(folder, 'absent.csv'))).rejects.toThrow('ENOENT');
  });
});
