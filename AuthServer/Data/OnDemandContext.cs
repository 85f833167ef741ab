using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>Gives OpenIddict's stores the context when they first need it: what is asked most often, they know without.</summary>
internal sealed class OnDemandContext(Lazy<AuthDb> db) : IOpenIddictEntityFrameworkCoreContext
{
    public ValueTask<DbContext> GetDbContextAsync(CancellationToken cancellationToken) => new(db.Value);
}
