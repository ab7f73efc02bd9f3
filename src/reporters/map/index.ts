/** The output formats of the map, one file each. They may format, cut and escape; they may not write, read or ask the clock. */
import { csv } from './csv.ts';
import { json } from './json.ts';
import { jsonl } from './jsonl.ts';
import type { MapReporter } from './map-reporter.ts';
import { markdown } from './markdown.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

export const MAP_REPORTERS: readonly MapReporter[] = [text, json, jsonl, csv, sarif, markdown];
