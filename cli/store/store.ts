/** Where several machines put files: keys are paths below it. All errors are ConfigurationErrors of one line. */
export interface Store {
  /** As the user wrote it. */
  readonly place: string;
  /** The keys below a prefix. */
  list(prefix: string): Promise<readonly string[]>;
  /** Copies a file of this machine. */
  putFile(key: string, file: string): Promise<void>;
  putText(key: string, text: string): Promise<void>;
  /** Puts a text where there is nothing; false: there is something. */
  claim(key: string, text: string): Promise<boolean>;
  /** A small text; undefined: nothing is there. */
  readText(key: string): Promise<string | undefined>;
  /** A folder of this machine with the files of a prefix, in `into` if they must be copied. */
  fetch(prefix: string, into: string): Promise<string>;
  close(): Promise<void>;
}
