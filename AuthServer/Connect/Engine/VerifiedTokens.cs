using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Access tokens whose signature has been verified, by their hash: an API asks about the same one again and again, and what
/// was signed stays signed until the keys change. Whether the token is still good is asked each time.
/// </summary>
internal sealed class VerifiedTokens
{
    // A few kilobytes each.
    private const int Most = 2000;

    private ConcurrentDictionary<string, Verified> _tokens = new(StringComparer.Ordinal);

    public VerifiedTokens(IOptionsMonitor<OpenIddictServerOptions> options) =>
        options.OnChange(_ => _tokens = new(StringComparer.Ordinal));

    /// <summary>The page to read from and to write to: one that was begun before the keys changed is lost with them.</summary>
    public ConcurrentDictionary<string, Verified> Page => _tokens;

    public static void Add(ConcurrentDictionary<string, Verified> page, string token, Verified verified)
    {
        if (page.Count >= Most)
        {
            page.Clear();
        }

        page[PresentedTokens.ReferenceOf(token)] = verified;
    }

    /// <summary>What is remembered of this token; null when it was not seen since the keys changed.</summary>
    public Verified? Find(string token) => _tokens.GetValueOrDefault(PresentedTokens.ReferenceOf(token));

    /// <summary>What a token says, as nobody has changed it.</summary>
    internal sealed record Verified(ClaimsPrincipal Principal, TokenValidationResult Result)
    {
        /// <summary>The whole answer of introspection, by the client that asked: it depends on nothing else.</summary>
        public ConcurrentDictionary<string, byte[]> Told { get; } = new(StringComparer.Ordinal);
    }
}

/// <summary>Takes what an access token says from memory where its signature was verified before, and remembers it otherwise.</summary>
internal sealed class RecallVerified(VerifiedTokens tokens) : IOpenIddictServerHandler<ValidateTokenContext>
{
    private ConcurrentDictionary<string, VerifiedTokens.Verified>? _page;

    /// <summary>Runs before the engine verifies, and once more after it.</summary>
    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.IsReferenceToken)
        {
            return ValueTask.CompletedTask;
        }

        if (context.Principal is null)
        {
            Recall(context);
        }
        else if (
            context.TokenValidationResult is { } result
            && context.Principal.GetTokenType() == TokenTypeIdentifiers.AccessToken
            && _page is { } page
        )
        {
            VerifiedTokens.Add(page, context.Token, new(context.Principal.Clone(), result));
        }

        return ValueTask.CompletedTask;
    }

    private void Recall(ValidateTokenContext context)
    {
        var isWanted =
            context.ValidTokenTypes.Count == 0
            || context.ValidTokenTypes.Contains(TokenTypeIdentifiers.AccessToken);
        _page = isWanted ? tokens.Page : null;
        if (
            _page is { } page
            && page.TryGetValue(PresentedTokens.ReferenceOf(context.Token), out var verified)
        )
        {
            context.Principal = verified.Principal.Clone();
            context.TokenValidationResult = verified.Result;
            _page = null;
        }
    }
}
