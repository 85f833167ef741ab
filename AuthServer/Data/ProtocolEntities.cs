using OpenIddict.EntityFrameworkCore.Models;

namespace AuthServer.Data;

/// <summary>A registered client, as OpenIddict keeps it.</summary>
internal sealed class Application : OpenIddictEntityFrameworkCoreApplication<string, Authorization, Token>
{
    public Application() => Id = Guid.NewGuid().ToString();
}

/// <summary>
/// Either a remembered consent (<c>permanent</c>) or one family of tokens (<c>ad-hoc</c>): everything that
/// came from one authorization, ended by one update of <c>Status</c>.
/// </summary>
internal sealed class Authorization : OpenIddictEntityFrameworkCoreAuthorization<string, Application, Token>
{
    public Authorization() => Id = RowId.Next();

    /// <summary>The sign-in that the family hangs on; none for a consent.</summary>
    public string? SessionId { get; set; }
}

/// <summary>A scope that clients may ask for, with the APIs that it reaches.</summary>
internal sealed class Scope : OpenIddictEntityFrameworkCoreScope<string>
{
    public Scope() => Id = Guid.NewGuid().ToString();
}

/// <summary>An issued token; those that are looked up by value are kept as hashes.</summary>
internal sealed class Token : OpenIddictEntityFrameworkCoreToken<string, Application, Authorization>
{
    public Token() => Id = RowId.Next();
}
