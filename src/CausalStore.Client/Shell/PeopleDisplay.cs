using CausalStore.Terminal;

namespace CausalStore.Client.Shell;

/// <summary>For people at a terminal.</summary>
internal sealed class PeopleDisplay(Screen screen, bool isQuiet) : IDisplay
{
    public void Request(ReadOnlyMemory<byte> line) =>
        screen.Print("> " + Readable.Line(line.Span));

    public void Reply(RequestLine request, Reply reply)
    {
        if (ReplyTable.Of(request, reply, screen.Columns) is { } rows)
        {
            bool hasHeadings = request.Verb != "status";

            for (int index = 0; index < rows.Count; index++)
            {
                screen.Print(rows[index], index == 0 && hasHeadings ? ConsoleColor.DarkGray : null);
            }

            Print(Phrases.OfEnd(request, reply));
            return;
        }

        foreach (string line in Phrases.Of(request, reply))
        {
            Print(line);
        }
    }

    public void Push(ReplyLine line) => screen.Print(Phrases.OfPush(line.Meaning), ConsoleColor.Cyan);

    public void Note(string text)
    {
        if (!isQuiet)
        {
            PrintText(text, ConsoleColor.DarkYellow);
        }
    }

    public void Failure(string text) => PrintText(text, ConsoleColor.Red);

    private void PrintText(string text, ConsoleColor colour)
    {
        foreach (string row in TextColumns.Wrap(Readable.Line(text), screen.Columns))
        {
            screen.Print(row, colour);
        }
    }

    private void Print(string line)
    {
        if (line.Length > 0)
        {
            screen.Print(line);
        }
    }
}
