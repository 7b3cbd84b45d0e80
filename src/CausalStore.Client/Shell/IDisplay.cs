namespace CausalStore.Client.Shell;

/// <summary>Where everything goes that the program has to say. Called from several threads; replies and
/// pushes come in the order of the wire.</summary>
internal interface IDisplay
{
    /// <summary>A script is about to ask this.</summary>
    void Request(ReadOnlyMemory<byte> line);

    void Reply(RequestLine request, Reply reply);

    void Push(ReplyLine line);

    /// <summary>What is good to know.</summary>
    void Note(string text);

    /// <summary>What went wrong, a refusal that was shown as a reply included.</summary>
    void Failure(string text);
}
