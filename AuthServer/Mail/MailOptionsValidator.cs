using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>Refuses to start with mail settings that cannot be right.</summary>
internal sealed class MailOptionsValidator : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options) =>
        options.Mistake() is { } mistake
            ? ValidateOptionsResult.Fail(mistake)
            : ValidateOptionsResult.Success;
}
