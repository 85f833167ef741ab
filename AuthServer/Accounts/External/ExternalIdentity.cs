using System.Security.Claims;

namespace AuthServer.Accounts.External;

/// <summary>
/// What a provider has proved of somebody. Every provider's handler signs this in to <see cref="Arrivals.Scheme"/>, and
/// nothing else: from there on all go one way.
/// </summary>
/// <param name="Issuer">Who vouches: an https URL that never changes. With <paramref name="Subject"/> it is the person.</param>
/// <param name="Subject">The person there, up to 255 characters; never an e-mail address.</param>
/// <param name="Email">What the provider says of it. It is data: it signs nobody in and links nothing.</param>
/// <param name="EmailVerified">Whether the provider itself has proved the address; said in the same breath as the address.</param>
/// <param name="Name">As people are called there; follows no rule of ours.</param>
/// <param name="Provider">The <see cref="ExternalProvider.Id"/> of who brought it.</param>
internal sealed record ExternalIdentity(
    string Issuer,
    string Subject,
    string? Email,
    bool EmailVerified,
    string? Name,
    string Provider
)
{
    /// <summary>Characters that are kept of any of the texts, so that all of them fit into a cookie.</summary>
    public const int MaxLength = 255;

    /// <summary>Reads what <see cref="ToPrincipal"/> wrote; null when nobody has arrived.</summary>
    public static ExternalIdentity? From(ClaimsPrincipal? principal) =>
        principal?.FindFirstValue("iss") is { } issuer
        && principal.FindFirstValue("sub") is { } subject
        && principal.FindFirstValue("provider") is { } provider
            ? new ExternalIdentity(
                issuer,
                subject,
                principal.FindFirstValue("email"),
                principal.HasClaim("email_verified", "true"),
                principal.FindFirstValue("name"),
                provider
            )
            : null;

    public ClaimsPrincipal ToPrincipal()
    {
        var identity = new ClaimsIdentity(Arrivals.Scheme, "name", "role");
        Add("iss", Issuer);
        Add("sub", Subject);
        Add("provider", Provider);
        Add("email", Email);
        Add("email_verified", EmailVerified ? "true" : null);
        Add("name", Name);
        return new ClaimsPrincipal(identity);

        void Add(string type, string? value)
        {
            if (value is { Length: > 0 and <= MaxLength })
            {
                identity.AddClaim(new Claim(type, value));
            }
        }
    }
}
