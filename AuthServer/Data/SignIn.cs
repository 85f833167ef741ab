using System.Globalization;
using System.Security.Claims;

namespace AuthServer.Data;

/// <summary>What a sign-in leaves in the cookie: the words that Accounts, Sessions and Connect share.</summary>
/// <param name="AccountId">The <c>sub</c>.</param>
/// <param name="SessionId">The <c>sid</c>.</param>
/// <param name="AuthenticatedAt">When the person last proved who they are; exact to the millisecond.</param>
/// <param name="ChosenAt">When the person last picked this account on screen; at least <paramref name="AuthenticatedAt"/>.</param>
/// <param name="Amr">How they proved it (RFC 8176).</param>
internal sealed record SignIn(
    string AccountId,
    string SessionId,
    DateTimeOffset AuthenticatedAt,
    DateTimeOffset ChosenAt,
    IReadOnlyList<string> Amr
)
{
    /// <summary>The authentication scheme of the session cookie.</summary>
    public const string Scheme = "session";

    private const string ChosenAtClaim = "chosen_at";

    /// <summary>Reads what <see cref="ToPrincipal"/> wrote; null when nobody is signed in.</summary>
    public static SignIn? From(ClaimsPrincipal? principal)
    {
        if (
            principal?.FindFirstValue("sub") is not { } accountId
            || principal.FindFirstValue("sid") is not { } sessionId
        )
        {
            return null;
        }

        return new SignIn(
            accountId,
            sessionId,
            Time(principal, "auth_time"),
            Time(principal, ChosenAtClaim),
            [.. principal.FindAll("amr").Select(claim => claim.Value)]
        );
    }

    public ClaimsPrincipal ToPrincipal()
    {
        var identity = new ClaimsIdentity(Scheme, "name", "role");
        identity.AddClaim(new Claim("sub", AccountId));
        identity.AddClaim(new Claim("sid", SessionId));
        identity.AddClaim(new Claim("auth_time", Text(AuthenticatedAt)));
        identity.AddClaim(new Claim(ChosenAtClaim, Text(ChosenAt)));
        identity.AddClaims(Amr.Select(method => new Claim("amr", method)));
        return new ClaimsPrincipal(identity);
    }

    private static DateTimeOffset Time(ClaimsPrincipal principal, string type) =>
        DateTimeOffset.FromUnixTimeMilliseconds(
            long.Parse(principal.FindFirstValue(type) ?? "0", CultureInfo.InvariantCulture)
        );

    private static string Text(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
