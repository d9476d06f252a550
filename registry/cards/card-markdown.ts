import type { CardPage, CardTable } from './card-page.ts';

/** GitHub's flavour, for reading in a review. */
export function cardMarkdown({ title, sections }: CardPage): string {
  const blocks = [`# ${escape(title)}`];
  for (const { title: heading, facts, tables } of sections) {
    blocks.push(`## ${escape(heading)}`);
    if (facts.length > 0) {
      blocks.push(facts.map(([label, text]) => `- **${escape(label)}**: ${escape(text)}`).join('\n'));
    }
    blocks.push(...tables.map(markdownTable));
  }
  return `${blocks.join('\n\n')}\n`;
}

function markdownTable({ title, columns, rows }: CardTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
  return [
    `### ${escape(title)}\n`,
    line(columns),
    `|${columns.map(() => ' --- ').join('|')}|`,
    ...rows.map(line),
  ].join('\n');
}

/** Texts are people's: they may not become markup. */
function escape(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`);
}
