/** Every export that @types/k6 names, so that a module that forgets one does not compile. */
export type ModuleShape<Module> = Readonly<Record<Exclude<keyof Module, 'default'>, unknown>>;
