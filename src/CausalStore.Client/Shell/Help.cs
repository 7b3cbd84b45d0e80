using CausalStore.Terminal;

namespace CausalStore.Client.Shell;

/// <summary>What can be asked, for people.</summary>
internal static class Help
{
    private const int UsageColumns = 32;

    /// <summary>Nobody reads longer rows.</summary>
    private const int ReadableColumns = 90;

    private const ConsoleColor HeadingColour = ConsoleColor.Green;

    /// <summary>All topics that can be asked for.</summary>
    public static IEnumerable<string> Names =>
        Requests.Select(topic => topic.Name).Concat(RequestTopics.Others.Keys.Where(IsWord))
            .Concat(Explanations.All.Select(topic => topic.Name));

    private static IEnumerable<Topic> Requests => RequestTopics.Groups.SelectMany(group => group.Topics);

    /// <param name="subject">Null: everything, a line each.</param>
    public static void Print(Screen screen, string? subject = null)
    {
        if (subject is null)
        {
            PrintAll(screen);
        }
        else if (Find(subject) is { } topic)
        {
            Print(screen, topic);
        }
        else
        {
            screen.Print($"There is no help about that; there is about {string.Join(", ", Names)}.");
        }
    }

    private static bool IsWord(string name) => char.IsAsciiLetter(name[0]);

    private static Topic? Find(string subject)
    {
        string name = RequestTopics.Others.GetValueOrDefault(subject, subject);
        return Requests.Concat(Explanations.All).FirstOrDefault(topic => topic.Name == name);
    }

    private static void Print(Screen screen, Topic topic)
    {
        screen.Print($"{topic.Usage ?? topic.Name}: {topic.Summary}", HeadingColour);

        foreach (string paragraph in Paragraphs(topic.Text))
        {
            foreach (string row in TextColumns.Wrap(paragraph, Math.Min(screen.Columns, ReadableColumns)))
            {
                screen.Print(row);
            }
        }
    }

    /// <summary>Lines that stand at the margin are one text; the others are examples, and stay as they
    /// are.</summary>
    private static IEnumerable<string> Paragraphs(string text)
    {
        string paragraph = "";

        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            bool goesOn = line.Length > 0 && line[0] != ' ';

            if (goesOn)
            {
                paragraph += paragraph.Length > 0 ? ' ' + line : line;
                continue;
            }

            if (paragraph.Length > 0)
            {
                yield return paragraph;
                paragraph = "";
            }

            yield return line;
        }

        if (paragraph.Length > 0)
        {
            yield return paragraph;
        }
    }

    private static void PrintAll(Screen screen)
    {
        foreach (var (heading, topics) in RequestTopics.Groups)
        {
            screen.Print(heading, HeadingColour);

            foreach (var topic in topics)
            {
                screen.Print($"  {topic.Usage!.PadRight(UsageColumns)}{topic.Summary}");
            }
        }

        string explained = string.Join(", ", Explanations.All.Select(topic => topic.Name));
        screen.Print("Explanations", HeadingColour);
        screen.Print("  help write                      more about one request, with examples");
        screen.Print($"  help causality                  or {explained[(explained.IndexOf(' ') + 1)..]}");
        screen.Print("  quit                            leaves");
    }
}
