/** Errors that a virtual user notes itself, beside those of servers: its words, and what to do about it. */
export const NOTED_ERRORS = {
  NO_TEST_CODE: {
    words: 'the answer holds no code',
    remedy:
      'make the device a test device (testMode: true), and the client one whose pi.testDevice PingFederate heeds (pairstorm doctor); is the code in another field, name it in PF_TEST_OTP_FIELD',
  },
  TEST_CODE_NOT_TEXT: {
    words: 'the code in the answer is not text, so leading zeros may be lost',
    remedy: 'name the field with the code as text in PF_TEST_OTP_FIELD',
  },
  REQUEST_OBJECT_EXPIRED: {
    words: 'flows started after its exp',
    remedy: 'sign one that outlasts the run: pairstorm request-object --lifetime, or PF_REQUEST_KEY_FILE',
  },
} as const satisfies Record<string, { readonly words: string; readonly remedy: string }>;

/** Code of an error that a virtual user notes. */
export type NotedError = keyof typeof NOTED_ERRORS;
