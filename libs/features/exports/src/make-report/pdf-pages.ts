import { dirname, join, sep } from 'node:path';
import pdfmake = require('pdfmake');
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces';
import { type PrintedReport, printed } from './printed-report';
import type { WholeReport } from './report-content';

const fontFolder = join(dirname(require.resolve('pdfmake/package.json')), 'fonts', 'Roboto');
const font = (name: string) => join(fontFolder, `Roboto-${name}.ttf`);

/** Texts of reports are texts and nothing else: no page loads anything but its letters. */
function prepare(): void {
  pdfmake.setFonts({
    Roboto: {
      normal: font('Regular'),
      bold: font('Medium'),
      italics: font('Italic'),
      bolditalics: font('MediumItalic'),
    },
  });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path.startsWith(fontFolder + sep));
}

const GREY = '#666666';
const LINE = '#cccccc';
/** More columns than this do not stand side by side on a page that is upright. */
const UPRIGHT_COLUMNS = 8;

function tableOf({ columns, rows, totals }: PrintedReport): Content {
  const cells = (texts: readonly string[], isBold: boolean): TableCell[] =>
    texts.map((text, index) => ({ text, bold: isBold, alignment: columns[index]!.isRight ? 'right' : 'left' }));
  const heads = cells(
    columns.map(({ title }) => title),
    true,
  );
  const body = [heads, ...rows.map((row) => cells(row, false)), ...totals.map((row) => cells(row, true))];
  const isRuled = (line: number) => line === 1 || line === rows.length + 1 || line === body.length;
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      // Of equal width where there is much text, which breaks; the width of their content needs every cell to be measured twice.
      widths: columns.map(({ isRight }) => (isRight ? 'auto' : '*')),
      body,
    },
    layout: {
      hLineWidth: (line) => (isRuled(line) ? 0.75 : 0.25),
      vLineWidth: () => 0,
      hLineColor: (line) => (isRuled(line) ? GREY : LINE),
      paddingTop: () => 3,
      paddingBottom: () => 3,
    },
  };
}

/** Lays out a report on pages, and answers the bytes of the PDF. */
export async function pdfOf(whole: WholeReport): Promise<Buffer> {
  prepare();
  const report = printed(whole);
  const { title, propertyName, from, to, position, asOf } = report.head;
  const asOfText = `As of position ${position}, ${asOf.slice(0, 16).replace('T', ' ')} UTC`;
  const definition: TDocumentDefinitions = {
    info: { title: `${title}, ${propertyName}, ${from} to ${to}`, creator: 'Innkeep', producer: 'Innkeep' },
    pageSize: 'A4',
    pageOrientation: report.columns.length > UPRIGHT_COLUMNS ? 'landscape' : 'portrait',
    pageMargins: [40, 40, 40, 48],
    defaultStyle: { font: 'Roboto', fontSize: 9 },
    footer: (page, pages) => ({
      margin: [40, 16, 40, 0],
      fontSize: 8,
      color: GREY,
      columns: [asOfText, { text: `Page ${page} of ${pages}`, alignment: 'right' }],
    }),
    content: [
      { text: title, fontSize: 18, bold: true },
      { text: propertyName, fontSize: 12, margin: [0, 4, 0, 0] },
      { text: from === to ? from : `${from} to ${to}`, color: GREY, margin: [0, 2, 0, 12] },
      report.rows.length === 0 ? { text: 'Nothing happened in this time.', italics: true } : tableOf(report),
    ],
  };
  return pdfmake.createPdf(definition).getBuffer();
}
