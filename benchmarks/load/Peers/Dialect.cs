namespace Load.Peers;

/// <summary>How one server is spoken to: its paths, and what must be said there to get the same things from all.</summary>
internal sealed record Dialect
{
    public required string Authorize { get; init; }

    public required string Token { get; init; }

    public required string Introspect { get; init; }

    public required string UserInfo { get; init; }

    public required string Keys { get; init; }

    public string Discovery { get; init; } = ".well-known/openid-configuration";

    /// <summary>What asks for an access token of its own, by the algorithm that signs it.</summary>
    public required IReadOnlyDictionary<string, string> OwnToken { get; init; }

    /// <summary>What asks for a person's access token to the API, an ID token and a refresh token.</summary>
    public required string PersonsToken { get; init; }

    /// <summary>Signs somebody in whom it has registered before; the browser keeps the session.</summary>
    public required Func<Browser, Task> SignInAsync { get; init; }

    public string AuthorizeFor(string scopes) =>
        $"{Authorize}?client_id={Bench.ClientId}&response_type=code&redirect_uri={Uri.EscapeDataString(Bench.RedirectUri)}"
        + $"&scope={scopes}&code_challenge={Bench.Challenge}&code_challenge_method=S256";
}
