import type { CardPage, CardTable } from './card-page.ts';

/** GitHub-flavoured Markdown, for reading in a review. */
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

/** Texts come from users, so they are escaped to keep them from becoming markup. */
function escape(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`);
}
