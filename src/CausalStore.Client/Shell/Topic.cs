namespace CausalStore.Client.Shell;

/// <summary>Something that <c>help</c> tells about.</summary>
/// <param name="Usage">How a request is written; null: it is no request, but to be explained.</param>
/// <param name="Summary">In half a line.</param>
/// <param name="Text">All there is to know, in lines for a terminal.</param>
internal sealed record Topic(string Name, string? Usage, string Summary, string Text);
