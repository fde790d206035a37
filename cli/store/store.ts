import { ConfigurationError } from '../../contract/configuration-error.ts';
import { FolderStore } from './folder-store.ts';
import { S3Store, readS3Place } from './s3-store.ts';

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

/** Opens `s3://bucket/prefix` or a folder. Throws a ConfigurationError; `flag` is named in it. */
export function openStore(place: string, flag: string): Store {
  if (place.startsWith('s3://')) return new S3Store(readS3Place(place, flag), process.env);
  if (/^[A-Za-z][\w+.-]*:\/\//.test(place) || place.trim() === '')
    throw new ConfigurationError(`${flag} is neither a folder nor s3://bucket/prefix`);
  return new FolderStore(place, flag);
}
