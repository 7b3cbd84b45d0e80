namespace CausalStore.Protocol;

/// <summary>The lines of <see cref="Response"/>, written straight into a buffer: no object is made.</summary>
public static class ResponseWriter
{
    /// <summary><c>ok</c></summary>
    public static void Ok(OutputBuffer output) => output.Append("ok\n"u8);

    /// <summary><c>ok VERSION</c></summary>
    public static void Ok(OutputBuffer output, WriteVersion version) =>
        output.Append("ok "u8).Append(version).EndLine();

    /// <summary><c>value K V VERSION</c></summary>
    public static void Value(
        OutputBuffer output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, WriteVersion version) =>
        output.Append("value "u8).AppendWord(key).Space().AppendWord(value).Space().Append(version).EndLine();

    /// <summary><c>missing K</c></summary>
    public static void Missing(OutputBuffer output, ReadOnlySpan<byte> key) =>
        output.Append("missing "u8).AppendWord(key).EndLine();

    /// <summary><c>missing K VERSION</c></summary>
    public static void Missing(OutputBuffer output, ReadOnlySpan<byte> key, WriteVersion version) =>
        output.Append("missing "u8).AppendWord(key).Space().Append(version).EndLine();

    /// <summary><c>update K V VERSION</c></summary>
    public static void Update(
        OutputBuffer output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, WriteVersion version) =>
        output.Append("update "u8).AppendWord(key).Space().AppendWord(value).Space().Append(version)
            .EndLine();

    /// <summary><c>removed K VERSION</c></summary>
    public static void Removed(OutputBuffer output, ReadOnlySpan<byte> key, WriteVersion version) =>
        output.Append("removed "u8).AppendWord(key).Space().Append(version).EndLine();

    /// <summary><c>traced JSON</c></summary>
    /// <param name="json">A line of a trace, without its end.</param>
    public static void Traced(OutputBuffer output, ReadOnlySpan<byte> json) =>
        output.Append("traced "u8).Append(json).EndLine();

    /// <summary><c>context CONTEXT</c></summary>
    public static void Seen(OutputBuffer output, Context context)
    {
        output.Append("context "u8);
        context.AppendTo(output);
        output.EndLine();
    }

    /// <summary><c>welcome SERVER CLUSTER</c></summary>
    public static void Welcome(OutputBuffer output, ServerId server, string? cluster) =>
        output.Append("welcome "u8).Append(server).Space().AppendWord(cluster ?? "-").EndLine();

    /// <summary><c>pong</c></summary>
    public static void Pong(OutputBuffer output) => output.Append("pong\n"u8);

    /// <summary><c>end COUNT</c></summary>
    public static void End(OutputBuffer output, long count) =>
        output.Append("end "u8).Append(count).EndLine();

    /// <summary><c>error CODE TEXT</c></summary>
    public static void Error(OutputBuffer output, ErrorCode code, string text) =>
        output.Append("error "u8).Append(code.Name()).Space().Append(Quoting.OneLine(text)).EndLine();
}
