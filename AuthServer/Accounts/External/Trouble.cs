using AuthServer.Edge;

namespace AuthServer.Accounts.External;

/// <summary>Why nobody arrives from a provider.</summary>
/// <param name="Refusal">What the person is told.</param>
/// <param name="Reason">What the trail is told.</param>
internal sealed record Trouble(Refusal Refusal, string Reason)
{
    public static Trouble Silence => new(RemoteTrouble.Silent, "the provider did not answer as it should");

    public static Trouble Cancelled => new(RemoteTrouble.Cancelled, "cancelled at the provider");

    public static Trouble Unusable(string reason) => new(RemoteTrouble.NothingWaits, reason);
}
