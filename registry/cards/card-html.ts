import { createHash } from 'node:crypto';
import type { CardPage, CardSection, CardTable } from './card-page.ts';

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 22%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; } h3 { font-size: 1rem; }
nav a { margin-right: 1rem; }
dl { display: grid; grid-template-columns: minmax(10rem, 1fr) 3fr; gap: .4rem 1.5rem; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; min-width: 5.5rem; } th { white-space: nowrap; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .6rem; } }
@media print { nav { display: none; } }
`;

/** What a browser may do with the page: apply the styles above, and nothing else. */
export const CARD_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A self-contained page without scripts or external requests. */
export function cardHtml({ title, sections }: CardPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(title)}</h1>
<nav aria-label="Sections">${sections.map((one) => `<a href="#${id(one)}">${escape(one.title)}</a>`).join('\n')}</nav>
${sections.map(sectionHtml).join('\n')}
</body>
</html>
`;
}

function sectionHtml(section: CardSection): string {
  const facts = section.facts.map(([label, text]) => `<dt>${escape(label)}</dt><dd>${escape(text)}</dd>`);
  return `<section aria-labelledby="${id(section)}">
<h2 id="${id(section)}">${escape(section.title)}</h2>
${facts.length > 0 ? `<dl>${facts.join('\n')}</dl>` : ''}
${section.tables.map(tableHtml).join('\n')}
</section>`;
}

function tableHtml({ title, columns, rows }: CardTable): string {
  const head = columns.map((column) => `<th scope="col">${escape(column)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((text) => `<td>${escape(text)}</td>`).join('')}</tr>`);
  return `<h3>${escape(title)}</h3>
<div class="scroll" tabindex="0" role="group" aria-label="${escape(title)}"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function id({ title }: CardSection): string {
  return title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
