namespace AuthServer.Commands;

/// <summary>The first words of a server that listens: in Development how to try it, elsewhere what is not set yet.</summary>
internal static partial class Welcome
{
    public static void Say(WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            Console.Out.WriteLine(string.Join(Environment.NewLine, Introduce(app)));
        }
        else
        {
            NameWhatIsMissing(app.Configuration, app.Logger);
        }
    }

    private static IEnumerable<string> Introduce(WebApplication app)
    {
        var address = app.Urls.FirstOrDefault() ?? "";
        yield return "";
        yield return $"  AuthServer listens at {string.Join(" ", app.Urls)}";

        var user = app.Configuration.GetSection("Users").GetChildren().FirstOrDefault();
        if (user is not null)
        {
            yield return $"  Sign in:       {address}/account/login as {user["Email"]} with {user["Password"]}";
        }

        var client = app
            .Configuration.GetSection("Clients")
            .GetChildren()
            .FirstOrDefault(client =>
                client
                    .GetSection("GrantTypes")
                    .GetChildren()
                    .Any(grant => grant.Value == "client_credentials")
            );
        if (client is not null)
        {
            yield return $"  A first token: curl -u '{client["ClientId"]}:{client["ClientSecret"]}' -d grant_type=client_credentials {address}/connect/token";
        }

        yield return "";
    }

    private static void NameWhatIsMissing(IConfiguration configuration, ILogger logger)
    {
        if (string.IsNullOrEmpty(configuration["Issuer"]))
        {
            Log.NoIssuer(logger);
        }

        if (!configuration.GetSection("Clients").GetChildren().Any())
        {
            Log.NoClients(logger);
        }

        if (string.IsNullOrEmpty(configuration["Mail:Host"]))
        {
            Log.NoMail(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "Issuer is not set, so this server calls itself http://localhost:8080/, which no other machine reaches: set Issuer to the address that people and APIs use."
        )]
        public static partial void NoIssuer(ILogger logger);

        [LoggerMessage(
            2,
            LogLevel.Warning,
            "Clients is empty, so nobody may ask for tokens: declare clients in a file and name it in AUTHSERVER_CONFIG."
        )]
        public static partial void NoClients(ILogger logger);

        [LoggerMessage(
            3,
            LogLevel.Warning,
            "Mail:Host is not set, so no letter leaves this server and nobody can confirm an e-mail: set Mail:Host and Mail:From."
        )]
        public static partial void NoMail(ILogger logger);
    }
}
