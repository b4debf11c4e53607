// What Lambda keeps of a function between invocations: one process, with the bundle loaded, that takes an event at a time.
const { handler } = await import(process.argv[2]);
process.on('message', async (event) => {
  try {
    await handler(event);
    process.send('done');
  } catch {
    // The handler has logged why.
    process.send('threw');
  }
});
process.send('ready');
