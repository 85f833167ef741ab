// The map of the house. Each line is a folder; open it to see how.
// Arrows run one way: features -> foundations -> Data (docs/architecture.md, ArchitectureTests).

using AuthServer.Accounts;
using AuthServer.Audit;
using AuthServer.Clients;
using AuthServer.Commands;
using AuthServer.Connect;
using AuthServer.Data;
using AuthServer.Edge;
using AuthServer.Keys;
using AuthServer.Language;
using AuthServer.Layout;
using AuthServer.Limits;
using AuthServer.Mail;
using AuthServer.Sessions;
using AuthServer.Telemetry;
using AuthServer.Upkeep;

// `migrate` … or, with no verb, serve.
return await CommandLine.RunAsync(args, Build);

static WebApplication Build(string[] args)
{
    var builder = CommandLine.CreateBuilder(args);

    // Foundations: what every feature stands on.
    builder.AddEdge(); // headers, input, errors, health, logs
    builder.AddData(); // what we remember
    builder.AddAudit(); // what happened
    builder.AddLimits(); // how much anybody may ask for
    builder.AddSessions(); // who is signed in where, and its end
    builder.AddLanguage(); // what people read, in their words
    builder.AddMail(); // letters out
    builder.AddUpkeep(); // what has expired is cleared away
    builder.AddLayout(); // the frame around every page
    builder.AddTelemetry(); // who sees how the server does

    // Features: none knows another.
    builder.AddAccounts(); // people: register, sign in, recover, look after their account
    builder.AddClients(); // who may ask for tokens, from configuration
    builder.AddKeys(); // what signs them, and when it turns
    builder.AddConnect(); // OAuth 2.0 and OpenID Connect

    var app = CommandLine.Finish(builder); // nothing is made ready before somebody asks for it

    // One request, in the order it passes. Order is meaning here: do not sort.
    app.UseTelemetry(); // sees every request, and how it ended
    app.UseEdge();
    app.UseLimits(); // before a body is read
    app.UseInput();
    app.UseConnect(); // metadata is cached, parameters are checked, before the engine sees them
    app.UseAuthentication();
    app.UseAuthorization();

    app.MapEdge(); // /health/…
    app.MapLayout(); // every page, wherever its folder: /account/login /account/register /connect/consent …
    app.MapAccounts(); // /api/account/…
    app.MapConnect(); // /connect/… /.well-known/…

    return app;
}
