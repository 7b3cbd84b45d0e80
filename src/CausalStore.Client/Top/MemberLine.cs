using CausalStore.Protocol;

namespace CausalStore.Client.Top;

/// <summary>One server as another one knows it.</summary>
/// <param name="Address">Null where it is that server itself.</param>
/// <param name="Link"><c>connected</c>, <c>not connected</c> and the like.</param>
internal sealed record MemberLine(ServerId Id, ServerAddress? Address, string Link);

/// <summary>One write that waits.</summary>
internal sealed record DelayedLine(string Version, string Seconds, string Needs, string Operations);
