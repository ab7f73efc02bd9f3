declare module '#page' {
  /** What the build makes of `page.css` and `client/`. */
  const page: { readonly style: string; readonly script: string };
  export default page;
}
