import {
  ageInDays,
  CHANNELS,
  isOld,
  type Assistant,
  type Assistants,
  type Channel,
  type ChannelId,
  type Mechanism,
  type SecretFile,
  type Source,
} from '../src/exposure/assistants.ts';

/** Makes a table of Markdown. */
type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string;

type Sources = Readonly<Record<string, Source>>;

/** The blocks of `docs/assistants.md`, by name. */
export function assistantBlocks(data: Assistants, today: Date, table: Table): Record<string, () => string> {
  // As a reader looks for them.
  const assistants = data.assistants.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  const channels = Object.keys(CHANNELS) as ChannelId[];
  return {
    assistants: () =>
      table(
        ['assistant', ...channels, 'verified'],
        assistants.map((one) => [
          `[${one.name}](#${anchorOf(one.name)})`,
          ...channels.map((id) => outcome(one.channels[id])),
          `${one.verifiedAt}, ${age(one.verifiedAt, today)}`,
        ]),
      ),
    channels: () =>
      table(
        ['channel', 'how a secret gets out'],
        channels.map((id) => [`\`${id}\``, CHANNELS[id]]),
      ),
    ignoreFiles: () => ignoreFiles(data, table),
    assistantSections: () => assistants.map((one) => section(one, channels, today, table)).join('\n\n'),
    otherFiles: () =>
      [
        instructionText(data.instructions, data.sources),
        ...data.files.map((file) => `${file.of ?? 'Others'}: ${fileText(file)} ${cited(file.sources, data.sources)}`),
      ]
        .map((item) => `- ${item}`)
        .join('\n'),
  };
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}

function outcome({ dotenv }: Channel): string {
  return dotenv === 'na' ? '–' : dotenv === 'unknown' ? '?' : dotenv === 'visible' ? '**visible**' : dotenv;
}

function ignoreFiles(data: Assistants, table: Table): string {
  const rows = Object.entries(data.ignoreFiles).map(([name, file]) => {
    const readers = data.assistants.flatMap(({ name: reader, mechanisms, channels }) => {
      const id = Object.keys(mechanisms).find(
        (one) => mechanisms[one]?.file === name || (mechanisms[one]?.reads === 'ripgrep' && file.syntax === 'ripgrep'),
      );
      if (id === undefined) return [];
      const where = Object.entries(channels).flatMap(([channel, { barriers }]) => {
        const hardness = typeof barriers === 'string' ? undefined : barriers[id];
        return hardness === undefined ? [] : [hardness === 'hard' ? channel : `${channel} (${hardness})`];
      });
      return [`${reader}: ${where.join(', ')}`];
    });
    return [
      code(name),
      file.at,
      file.nested,
      file.negation,
      readers.join('; '),
      [prose(file.text ?? ''), file.sources === undefined ? '' : cited(file.sources, data.sources)]
        .filter((part) => part !== '')
        .join(' '),
    ];
  });
  const placebos = [
    ...data.assistants.flatMap(({ name, placebos: own, sources }) =>
      own.map((placebo) => ({ name, placebo, sources })),
    ),
    ...data.placebos.map((placebo) => ({ name: 'none', placebo, sources: data.sources })),
  ];
  return [
    table(['file', 'where it counts', 'in folders', 'negation', 'what reads it, in which channels', ''], rows),
    '### Files that protect nothing, or less than they seem to',
    table(
      ['file', 'assistant', 'does', 'why', 'sources'],
      placebos.map(({ name, placebo, sources }) => [
        code(placebo.file),
        `${name}${placebo.since === undefined ? '' : `, since ${placebo.since}`}`,
        placebo.does,
        prose(placebo.text),
        cited(placebo.sources, sources),
      ]),
    ),
  ].join('\n\n');
}

/** What is known of a channel, and of what lies beside it. */
function knownOf({ channels, worksOn }: Assistant, id: ChannelId): string {
  const { text, outside, loads, loadsUnless } = channels[id];
  return [
    text,
    ...(outside === undefined ? [] : [`Files outside of the workspace: ${outside}.`]),
    ...(loads === undefined
      ? []
      : [`It loads ${loads.join(', ')}${loadsUnless === undefined ? '' : `, unless ${loadsUnless} is set`}.`]),
    ...(worksOn === undefined || id !== 'read' ? [] : ['It works on a clone: what was not committed is not there.']),
  ].join(' ');
}

function section(one: Assistant, channels: readonly ChannelId[], today: Date, table: Table): string {
  const parts = [`## ${one.name}`, head(one, today)];
  parts.push(
    table(
      ['channel', 'ignored `.env`', '`.gitignore`', 'in the way', 'sure', 'what is known', 'sources'],
      channels.map((id) => {
        const { gitignore, barriers, confidence, sources } = one.channels[id];
        return [
          `\`${id}\``,
          outcome(one.channels[id]),
          gitignore === 'na' ? '–' : gitignore,
          barrierText(barriers),
          confidence,
          prose(knownOf(one, id)),
          cited(sources, one.sources),
        ];
      }),
    ),
  );
  const list = (title: string, items: readonly string[]): void => {
    if (items.length > 0) parts.push(`${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`);
  };
  list(
    'What stands in the way:',
    Object.entries(one.mechanisms).map(
      ([id, mechanism]) => `\`${id}\`: ${mechanismText(mechanism)} ${cited(mechanism.sources, one.sources)}`,
    ),
  );
  list(
    'Settings, highest precedence first:',
    Object.values(one.settings).map(({ path, text }) => `${code(path)}${text === undefined ? '' : `. ${prose(text)}`}`),
  );
  list(
    'Protects nothing, or less than it seems to:',
    one.placebos.map(
      ({ file, since, text, sources }) =>
        `${code(file)}${since === undefined ? '' : ` since ${since}`}: ${prose(text)} ${cited(sources, one.sources)}`,
    ),
  );
  list(
    'Does not do what it seems to:',
    one.pitfalls.map(({ file, key, value, text, sources }) => {
      const what = [file, key, value].filter((part) => part !== undefined).map(code);
      return `${what.length === 0 ? '' : `${what.join(' ')}: `}${prose(text)} ${cited(sources, one.sources)}`;
    }),
  );
  if (one.instructions) {
    list('Instruction files:', [instructionText(one.instructions, one.sources)]);
  }
  list(
    'Files of its own that may hold secrets:',
    one.files.map((file) => `${fileText(file)} ${cited(file.sources, one.sources)}`),
  );
  list(
    'Sources:',
    Object.entries(one.sources).map(
      ([id, { url, date, version }]) =>
        `[${id}](${url}), ${date}${version === undefined ? '' : ` (${version})`}, ${age(date, today)}`,
    ),
  );
  return parts.join('\n\n');
}

function instructionText(
  { files, imports, depth, text, sources: ids }: Assistants['instructions'],
  sources: Sources,
): string {
  const followed =
    imports === undefined ? '' : ` Imports: ${code(imports)}${depth === undefined ? '' : `, ${depth} levels deep`}.`;
  return `${files.map(code).join(', ')}: ${prose(text)}${followed} ${cited(ids, sources)}`;
}

function head({ id, vendor, versions, verifiedAt, marks }: Assistant, today: Date): string {
  const { from, until, checked } = versions;
  const range = [
    from === undefined ? '' : `from ${from}`,
    until === undefined ? '' : `up to ${until}`,
    checked === undefined ? '' : `looked at ${checked}`,
  ].filter((part) => part !== '');
  const told = [`\`${id}\``, vendor, ...range, `verified ${verifiedAt}, ${age(verifiedAt, today)}`];
  const places = [...marks.repository, ...marks.home.map((path) => `~/${path}`)];
  const shown =
    places.length === 0
      ? 'Nothing in a repository shows that it is in use.'
      : `In use where there is: ${places.map(code).join(', ')}.`;
  return `${told.join(' · ')}. ${shown}`;
}

function barrierText(barriers: Channel['barriers']): string {
  if (barriers === 'na') return '–';
  if (typeof barriers === 'string') return barriers;
  return Object.entries(barriers)
    .map(([id, hardness]) => `\`${id}\` ${hardness}`)
    .join(', ');
}

function mechanismText(mechanism: Mechanism): string {
  const { kind, text, since, until, file, patterns = [], exceptions = [], only = [], keys = [] } = mechanism;
  const { variables = [], flags = [], syntax } = mechanism;
  const facts = [
    kind === 'gitignore' || kind === 'ignore-file' ? '' : kind.replaceAll('-', ' '),
    mechanism.of === undefined ? '' : `of ${mechanism.of.map(code).join(', ')}`,
    file === undefined ? '' : code(file),
    [...keys, ...variables, ...flags].map(code).join(', '),
    syntax === undefined ? '' : `${syntax} syntax`,
    only.length === 0 ? '' : `of ${only.map(code).join(', ')}`,
    mechanism.default === 'off' ? 'off by default' : '',
    since === undefined ? '' : `since ${since}`,
    until === undefined ? '' : `up to ${until}`,
  ].filter((part) => part !== '');
  const listed = patterns.length === 0 ? '' : ` ${patterns.map(code).join(', ')}.`;
  const but = exceptions.length === 0 ? '' : ` Not ${exceptions.map(code).join(', ')}.`;
  return `${facts.length === 0 ? '' : `(${facts.join('; ')}) `}${prose(text)}${listed}${but}`;
}

function fileText({ paths, holds, keys = [], placeholders = [], text }: SecretFile): string {
  const under = keys.length === 0 ? '' : ` under ${keys.map(code).join(', ')}`;
  const safe = placeholders.length === 0 ? '' : ` Holds none: ${placeholders.map(code).join(', ')}.`;
  return `${paths.map(code).join(', ')} (${holds})${under}.${safe}${text === undefined ? '' : ` ${prose(text)}`}`;
}

/** The sources, with their dates. */
function cited(ids: readonly string[], sources: Sources): string {
  const links = ids.map((id) => {
    const source = sources[id];
    return source === undefined ? `*${id}*` : `[${id}](${source.url}) ${source.date}`;
  });
  return links.length === 0 ? '–' : links.join(', ');
}

/** As `timeless` of `demo-repository.mjs` knows it. */
function age(date: string, today: Date): string {
  return `age ${ageInDays(date, today)} days${isOld(date, today) ? ', old' : ''}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Text of the data, in which Markdown has no say. */
function prose(text: string): string {
  return text.replaceAll(/[*_`<>[\]]/g, String.raw`\$&`);
}
