using AuthServer.Commands.SafeStart;
using AuthServer.Data;
using Microsoft.Extensions.Options;

namespace AuthServer.Commands;

/// <summary>The verbs of the program. Exit code 0 done, 1 refused or failed with one line on stderr, 2 wrong usage.</summary>
internal static class CommandLine
{
    private const string Usage = """
        Usage: AuthServer [verb] [--config file.json] [--urls http://...] [--Section:Key value]

          (none)                   serve
          migrate                  bring the database to this version and stop
          data copy --from file.db
                                   move the SQLite database of one instance into the empty PostgreSQL that Data names;
                                   the master key stays the same, and no server may run on either
          check-config             say what a start would refuse, without starting; --explain tells all that is checked
          audit verify [--checkpoint file]
                                   find what was changed in the audit trail
          audit key                print the key that checks its checkpoints
          keys list                print the keys, with their state and their times
          keys rotate              publish the next key of each kind now; it signs after Keys:PublishAhead
          keys revoke <key>        let a key sign and verify nothing any more, now
          keys revoke cookies      end every cookie, form and link in a letter, now
          keys reseal              bring the database under the master key of now, after it was replaced
          passwords <folder>       make those that PostgreSQL, Redis and the server share, where they are missing
          healthcheck [address]    ask a server on this machine whether it lives
          help                     this text
        """;

    /// <summary>The settings of the program: those it comes with lie beside it, wherever it is started from.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var home = new WebApplicationOptions
        {
            // A change of the settings takes a restart, so nobody has to watch their files.
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
        };
        // Without IIS, QUIC and the logs that ours replaces.
        var builder = WebApplication.CreateSlimBuilder(home);
        builder.WebHost.UseKestrelHttpsConfiguration();
        if (builder.Environment.IsDevelopment())
        {
            builder.WebHost.UseStaticWebAssets();
        }

        builder.AddOwnConfiguration(args);
        builder.ListenAtDefault();
        builder.AddSafeStart(args);
        return builder;
    }

    /// <summary>Builds the program once every folder has added what it is made of.</summary>
    public static WebApplication Finish(WebApplicationBuilder builder)
    {
        QuietStart.Clear(builder.Services);
        return builder.Build();
    }

    public static async Task<int> RunAsync(string[] args, Func<string[], WebApplication> build)
    {
        if (args is [.., "--config"])
        {
            return await MisusedAsync("--config needs the path of a JSON file after it.");
        }

        var verb = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "serve";
        try
        {
            switch (verb)
            {
                case "serve":
                    return await RunAsync(Start.RequireSafe(build(args)), Serve.RunAsync);
                case "migrate":
                    return await RunAsync(build(args[1..]), Migrate.RunAsync);
                case "check-config" when args.Contains(CheckConfig.ExplainOption):
                    CheckConfig.Explain();
                    return 0;
                case "check-config":
                    CheckConfig.Say(Start.RequireSafe(build(args[1..])));
                    return 0;
                case "audit" when args is [_, "verify", ..]:
                    return await RunAsync(build(args[2..]), AuditTrail.VerifyAsync);
                case "audit" when args is [_, "key", ..]:
                    return await RunAsync(build(args[2..]), AuditTrail.PrintKeyAsync);
                case "keys" when args is [_, "list", ..]:
                    return await RunAsync(build(args[2..]), KeyVerbs.ListAsync);
                case "keys" when args is [_, "rotate", ..]:
                    return await RunAsync(build(args[2..]), KeyVerbs.RotateAsync);
                case "keys" when args is [_, "reseal", ..]:
                    return await RunAsync(build(args[2..]), KeyVerbs.ResealAsync);
                case "keys" when args is [_, "revoke", "cookies", ..]:
                    return await RunAsync(build(args[3..]), KeyVerbs.RevokeCookiesAsync);
                case "keys" when args is [_, "revoke", var kid, ..]:
                    return await RunAsync(build(args[3..]), app => KeyVerbs.RevokeAsync(app, kid));
                case "keys":
                    return await MisusedAsync(
                        "The verb keys has these forms: list, rotate, revoke <key>, revoke cookies and reseal."
                    );
                case "audit":
                    return await MisusedAsync("audit needs 'verify' or 'key' after it.");
                case "data" when args is [_, "copy", ..] && args.Any(IsFrom):
                    return await RunAsync(build(args[2..]), CopyData.RunAsync);
                case "data":
                    return await MisusedAsync("data needs 'copy --from file.db' after it.");
                case "passwords" when args is [_, var folder]:
                    return await Passwords.RunAsync(folder);
                case "healthcheck":
                    return await HealthCheck.RunAsync(args[1..]);
                case "help":
                    Console.WriteLine(Usage);
                    return 0;
                default:
                    return await MisusedAsync($"'{verb}' is not a verb of this program.");
            }
        }
        catch (Exception exception) when (Refusal.Explain(exception) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    private static bool IsFrom(string arg) =>
        arg == "--from" || arg.StartsWith("--from=", StringComparison.Ordinal);

    private static async Task<int> MisusedAsync(string sentence)
    {
        await Console.Error.WriteLineAsync($"{sentence}\n{Usage}");
        return 2;
    }

    private static Task<int> RunAsync(WebApplication built, Func<WebApplication, Task> verb) =>
        RunAsync(
            built,
            async app =>
            {
                await verb(app);
                return 0;
            }
        );

    private static async Task<int> RunAsync(WebApplication built, Func<WebApplication, Task<int>> verb)
    {
        await using var app = built;
        // Before the database is touched: a refused setting has changed nothing.
        app.Services.GetRequiredService<IStartupValidator>().Validate();

        var database = app.Services.GetRequiredService<IDatabase>();
        try
        {
            return await verb(app);
        }
        catch (Exception exception) when (database.Explain(exception) is { } sentence)
        {
            throw new StartupException(sentence, exception);
        }
    }
}
