/** A name as one word of a POSIX shell command: as it is where that is safe, quoted otherwise. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `--queue-url` of a queue known by name. */
export function queueUrlOption(queueName: string): string {
  return `--queue-url "$(aws sqs get-queue-url --queue-name ${shellWord(queueName)} --query QueueUrl --output text)"`;
}
