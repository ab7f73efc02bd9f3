declare module '#patterns/index' {
  const patterns: import('./compiled.ts').CompiledPatterns;
  export default patterns;
}
declare module '#patterns/details' {
  const details: Readonly<Record<string, import('./compiled.ts').RuleDetails | undefined>>;
  export default details;
}
declare module '#patterns/words' {
  const words: import('./compiled.ts').Words;
  export default words;
}
