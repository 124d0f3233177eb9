import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { features } from '@innkeep/assembly';
import ts from 'typescript';

const root = resolve(__dirname, '../../../..');

/** A source file of a feature. */
export interface Source {
  readonly path: string;
  readonly feature: string;
  /** Loads the module. */
  load(): Record<string, unknown>;
  /** The literals in it: what is between quotes and back-ticks, without what is put in. */
  literals(): readonly string[];
  readonly text: string;
}

function literalsOf(text: string): string[] {
  const literals: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isTemplateExpression(node))
      literals.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' $ '));
    else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) literals.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, false));
  return literals;
}

/** All sources of all features, specs and what only they use left out. */
export function featureSources(): readonly Source[] {
  return features.flatMap(({ name: feature }) => {
    const folder = join(root, 'libs/features', feature, 'src');
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.spec\.ts$|-under-test\.ts$/.test(file))
      .map((file) => {
        const path = join(folder, file);
        const text = readFileSync(path, 'utf8');
        return {
          path: relative(root, path),
          feature,
          text,
          load: () => require(path) as Record<string, unknown>,
          literals: () => literalsOf(text),
        };
      });
  });
}
