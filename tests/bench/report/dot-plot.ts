/** Draws one row for each contestant and one logarithmic scale for each thing measured, as SVG. */

export interface Column {
  readonly title: string;
  /** What stands behind a value. */
  readonly unit: string;
  /** A value for each row; null: it never came. */
  readonly values: readonly (number | null)[];
  /** What null is called: it stands at the end of the scale. */
  readonly never?: string;
  /** From and to. */
  readonly scale: readonly [least: number, most: number];
  /** The best there can be. */
  readonly ideal?: number;
}

export interface Band {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly Column[];
}

export interface Plot {
  readonly title: string;
  /** How to read it. */
  readonly legend: string;
  /** In words, for those who do not see it. */
  readonly description: string;
  readonly bands: readonly Band[];
  /** The row that is ours. */
  readonly accented: string;
}

export type Theme = 'light' | 'dark';

const COLOURS = {
  light: { text: '#1f2328', quiet: '#59636e', line: '#d1d9e0', dot: '#818b98', accent: '#0969da' },
  dark: { text: '#f0f6fc', quiet: '#9198a1', line: '#3d444d', dot: '#9198a1', accent: '#4493f8' },
};

const WIDTH = 880;
const LABELS = 232;
const ROW = 24;
const HEAD = 66;
const GAP = 26;
const INSET = 10;
/** Room for the text of the rightmost dot. */
const TAIL = 70;

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const short = (value: number): string =>
  value >= 1_000
    ? Math.round(value).toLocaleString('en')
    : `${Number(value.toPrecision(value < 1 ? 1 : value < 10 ? 2 : 3))}`;

const text = (x: number, y: number, words: string, fill: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${fill}"${more && ` ${more}`}>${escapeXml(words)}</text>`;

function drawColumn(
  column: Column,
  rows: readonly string[],
  left: number,
  width: number,
  accented: string,
  theme: Theme,
) {
  const { text: ink, quiet, line, dot, accent } = COLOURS[theme];
  const { title, unit, values, never, ideal, scale } = column;
  const [least, most] = [Math.log(scale[0]), Math.log(scale[1])];
  const room = width - INSET - TAIL;
  const at = (value: number): number =>
    left + INSET + (room * Math.max(0, Math.log(value) - least)) / (most - least || 1);
  const parts = [text(left, HEAD - 30, title, ink, 'font-weight="600"')];
  const bottom = HEAD + rows.length * ROW;
  if (ideal) {
    const x = at(ideal).toFixed(1);
    parts.push(
      `<line x1="${x}" y1="${HEAD - 4}" x2="${x}" y2="${bottom - 4}" stroke="${quiet}" stroke-dasharray="3 3"/>`,
      text(at(ideal), HEAD - 11, `ideal ${short(ideal)}${unit}`, quiet, 'font-size="11"'),
    );
  }
  for (const [i, row] of rows.entries()) {
    const y = HEAD + i * ROW + ROW / 2 - 4;
    const value = values[i] ?? null;
    const colour = row === accented ? accent : dot;
    const end = left + width - GAP / 2;
    parts.push(`<line x1="${left}" y1="${y}" x2="${end}" y2="${y}" stroke="${line}" stroke-width="1"/>`);
    if (value === null) {
      const x = (at(scale[1]) + TAIL - GAP / 2).toFixed(1);
      parts.push(text(Number(x), y - 4, never ?? '', quiet, 'font-size="11" font-style="italic" text-anchor="end"'));
    } else {
      const words = `${short(value)}${unit}`;
      const style = row === accented ? `font-weight="600" font-size="12"` : 'font-size="12"';
      parts.push(`<circle cx="${at(value).toFixed(1)}" cy="${y}" r="${row === accented ? 6 : 4.5}" fill="${colour}"/>`);
      parts.push(text(at(value) + 9, y - 3, words, row === accented ? accent : ink, style));
    }
  }
  return parts.join('\n');
}

function drawBand({ title, rows, columns }: Band, accented: string, theme: Theme): string {
  const { text: ink, accent } = COLOURS[theme];
  const width = (WIDTH - LABELS) / columns.length;
  const names = rows.map((row, i) => {
    const isOurs = row === accented;
    return text(0, HEAD + i * ROW + ROW / 2, row, isOurs ? accent : ink, isOurs ? 'font-weight="600"' : '');
  });
  return [
    text(0, HEAD - 30, title, ink, 'font-weight="600"'),
    ...names,
    ...columns.map((column, i) => drawColumn(column, rows, LABELS + i * width, width, accented, theme)),
  ].join('\n');
}

export function drawPlot({ title, legend, description, bands, accented }: Plot, theme: Theme): string {
  const heights = bands.map(({ rows }) => HEAD + rows.length * ROW + 8);
  const total = heights.reduce((sum, height) => sum + height, 16);
  // The legend stands above.
  let top = 16;
  const drawn = bands.map((band, i) => {
    const group = `<g transform="translate(0 ${top})">\n${drawBand(band, accented, theme)}\n</g>`;
    top += heights[i] as number;
    return group;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" width="${WIDTH}" height="${total}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="13">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(description)}</desc>`,
    text(0, 14, legend, COLOURS[theme].quiet, 'font-size="12"'),
    ...drawn,
    '</svg>\n',
  ].join('\n');
}
