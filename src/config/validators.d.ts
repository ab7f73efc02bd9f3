declare module '#validators' {
  interface SchemaError {
    readonly instancePath: string;
    readonly keyword: string;
    readonly message?: string;
    readonly params: Readonly<Record<string, unknown>>;
  }
  interface Validate {
    (value: unknown): boolean;
    readonly errors?: readonly SchemaError[] | null;
  }
  export const config: Validate;
  export const ruleFile: Validate;
  export const configKeys: readonly string[];
  export const ruleKeys: readonly string[];
}
