declare module '#patterns/assistants' {
  const assistants: import('./assistants.ts').Assistants;
  export default assistants;
}
