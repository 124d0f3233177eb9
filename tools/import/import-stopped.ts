/** The import cannot go on, and the message says to its user why: a wrong argument, an unusable file, an API that is gone. */
export class ImportStopped extends Error {}

/** The command line is not one that the tool understands. */
export class WrongArguments extends ImportStopped {}
