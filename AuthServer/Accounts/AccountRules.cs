using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary>The rules of all fields of a new account.</summary>
internal sealed class AccountRules(PasswordRules passwords)
{
    /// <summary>Every broken rule by field (<c>email</c>, <c>password</c>, <c>name</c>), all at once; empty when none is.</summary>
    public Dictionary<string, string[]> Broken(NewAccount person)
    {
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
        Add("email", BrokenEmail(person.Email));
        Add("password", passwords.Broken(person.Password, [person.Name ?? "", person.Email ?? ""]));
        Add("name", PersonName.Broken(person.Name));
        return errors;

        void Add(string field, IReadOnlyList<string> broken)
        {
            if (broken.Count > 0)
            {
                errors[field] = [.. broken];
            }
        }
    }

    private static IReadOnlyList<string> BrokenEmail(string? email)
    {
        if (string.IsNullOrWhiteSpace(email))
        {
            return [Say("Enter your e-mail address.")];
        }

        if (email.Trim().Length > EmailAddress.MaxLength)
        {
            return [Say("Use an e-mail address of at most {0} characters.", EmailAddress.MaxLength)];
        }

        return EmailAddress.TryParse(email, out _)
            ? []
            : [Say("Enter an e-mail address such as ada@example.org.")];
    }
}
