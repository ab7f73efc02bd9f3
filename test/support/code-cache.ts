/**
 * Names the folder with the code of earlier runs that all tests of one run share. Workers inherit the variable from the
 * setup. In a home of its own, as each repository has one, every start would be the first of its user: it compiles all
 * of the program and writes that down, which takes longer than most tests.
 */
export const CODE_CACHE = 'KEEPMUM_TEST_CODE';
