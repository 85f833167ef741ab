using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>The refresh token that this request answers with.</summary>
/// <param name="Value">What the client gets.</param>
/// <param name="Exists">Whether it was made by an earlier request, whose answer was lost.</param>
internal sealed record Successor(string Value, bool Exists)
{
    private const string Property = "successor";

    public static Successor? Of(OpenIddictServerTransaction transaction) =>
        transaction.Properties.TryGetValue(Property, out var value) ? (Successor?)value : null;

    public void AttachTo(OpenIddictServerTransaction transaction) => transaction.Properties[Property] = this;
}

/// <summary>A retry is answered with the refresh token that its first answer gave, and no other is made.</summary>
internal sealed class AnswerRetry : IOpenIddictServerHandler<ProcessSignInContext>
{
    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (Successor.Of(context.Transaction) is { Exists: true } successor)
        {
            context.GenerateRefreshToken = false;
            context.RefreshToken = successor.Value;
        }

        return ValueTask.CompletedTask;
    }
}
