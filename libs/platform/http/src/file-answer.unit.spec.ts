import { dispositionOf, rangeOf } from './file-answer';

describe('the part of a file that is asked for', () => {
  it.each([
    ['bytes=0-9', { first: 0, last: 9 }],
    ['bytes=90-', { first: 90, last: 99 }],
    ['bytes=90-200', { first: 90, last: 99 }],
    ['bytes=-10', { first: 90, last: 99 }],
    ['bytes=-200', { first: 0, last: 99 }],
    ['bytes=99-99', { first: 99, last: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=100-200', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=999999999999999-', 'unsatisfiable'],
  ])('%s', (header, part) => expect(rangeOf(header, 100)).toEqual(part));

  it.each([
    ...[undefined, '', 'bytes', 'bytes=', 'bytes=-', 'bytes=9-1', 'bytes=a-b', 'items=0-9', 'bytes=0-9,20-29'],
    ...[`bytes=${'0-,'.repeat(1_000)}0-`, 'bytes=9999999999999999-', 'bytes=+1-2', 'bytes=0x1-2', 'bytes=1.5-2'],
  ])('is all of it for %j', (header) => expect(rangeOf(header, 100)).toBeUndefined());

  it('is nothing of an empty file', () => expect(rangeOf('bytes=0-', 0)).toBe('unsatisfiable'));
});

describe('the name that a file is saved under', () => {
  it.each([
    ['receipt.pdf', 'inline; filename="receipt.pdf"'],
    ['Recibo nº 7.pdf', `inline; filename="Recibo no 7.pdf"; filename*=UTF-8''Recibo%20n%C2%BA%207.pdf`],
    [
      'a"; filename="evil.exe',
      `inline; filename="a_; filename=_evil.exe"; filename*=UTF-8''a%22%3B%20filename%3D%22evil.exe`,
    ],
    ["l'été (1).png", `inline; filename="l'e_te_ (1).png"; filename*=UTF-8''l%27%C3%A9t%C3%A9%20%281%29.png`],
  ])('%s', (name, header) => expect(dispositionOf('inline', name)).toBe(header));
});
