/**
 * The output formats, one file each, turn findings and the summary into text. They may format, cut
 * and escape. They may not write, read, ask the clock, or see a secret that `--show-secrets` did not
 * put into the finding.
 */
import { csv } from './csv.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { json } from './json.ts';
import { jsonl } from './jsonl.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Reporter } from './reporter.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

export const REPORTERS: readonly Reporter[] = [text, json, jsonl, sarif, junit, csv, gitlab, github, markdown];
