namespace CausalStore.Client.Shell;

/// <summary>For people at a terminal.</summary>
internal sealed class PeopleDisplay(Screen screen, bool isQuiet) : IDisplay
{
    public void Request(ReadOnlyMemory<byte> line) =>
        screen.Print("> " + Readable.Line(line.Span));

    public void Reply(RequestLine request, Reply reply)
    {
        foreach (string line in Phrases.Of(request, reply))
        {
            screen.Print(line);
        }
    }

    public void Push(ReplyLine line) => screen.Print(Phrases.OfPush(line.Meaning), ConsoleColor.Cyan);

    public void Note(string text)
    {
        if (!isQuiet)
        {
            screen.Print(Readable.Line(text), ConsoleColor.DarkYellow);
        }
    }

    public void Failure(string text) => screen.Print(Readable.Line(text), ConsoleColor.Red);
}
