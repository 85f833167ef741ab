using AuthServer.Data;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Connect.Engine;

/// <summary>
/// Opens the one transaction that holds everything a sign-in writes: what is used up and what is given. A crash
/// leaves both or neither, and nothing is answered before it is committed.
/// </summary>
internal sealed class BeginTransaction(AuthDb db) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public async ValueTask HandleAsync(ProcessSignInContext context) =>
        // Disposed of, and so rolled back, with the context, unless CommitTransaction comes first.
        await db.Database.BeginTransactionAsync(context.CancellationToken);
}

/// <summary>Makes everything that the sign-in wrote true, just before it is answered.</summary>
internal sealed class CommitTransaction(AuthDb db) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public async ValueTask HandleAsync(ProcessSignInContext context) =>
        await db.Database.CommitTransactionAsync(context.CancellationToken);
}
