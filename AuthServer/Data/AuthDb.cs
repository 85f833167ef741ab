using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>Everything we remember, whichever database keeps it.</summary>
internal abstract class AuthDb(DbContextOptions options)
    : IdentityUserContext<Account>(options),
        IDataProtectionKeyContext
{
    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<Application> Applications => Set<Application>();

    public DbSet<Authorization> Authorizations => Set<Authorization>();

    public DbSet<Token> Tokens => Set<Token>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<Secret> Secrets => Set<Secret>();

    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    public DbSet<AuditLink> AuditLinks => Set<AuditLink>();

    public DbSet<AuditCheckpoint> AuditCheckpoints => Set<AuditCheckpoint>();

    public DbSet<OutgoingLetter> OutgoingLetters => Set<OutgoingLetter>();

    public DbSet<PendingIdentity> PendingIdentities => Set<PendingIdentity>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Waits until nobody else has this turn, which ends with the transaction that is open.</summary>
    public abstract Task TakeTurnAsync(Turn turn, CancellationToken cancellation);

    /// <summary>
    /// Lets nobody else use or end the family before the open transaction ends. What is read after it is what the one
    /// before us has left.
    /// </summary>
    public abstract Task HoldFamilyAsync(string familyId, CancellationToken cancellation);

    /// <summary>UTC, by the clock that everybody shares who uses this database.</summary>
    public abstract Task<DateTime> NowAsync(TimeProvider clock, CancellationToken cancellation);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseOpenIddict<Application, Authorization, Scope, Token, string>();

        builder.Entity<Account>(account =>
        {
            account.Property(a => a.Name).HasMaxLength(100);
            account.Property(a => a.Language).HasMaxLength(35);
            account.Property(a => a.ResetId).HasMaxLength(32);
            // Canonical, so this one index is what makes an e-mail belong to one account.
            account.HasIndex(a => a.NormalizedEmail).IsUnique().HasDatabaseName("EmailIndex");
        });

        builder.Entity<Session>(session =>
        {
            session.Property(s => s.Id).HasMaxLength(64);
            session.Property(s => s.Amr).HasMaxLength(100);
            session.Property(s => s.Address).HasMaxLength(64);
            session.Property(s => s.UserAgent).HasMaxLength(256);
            session.Property(s => s.SecurityStamp).HasMaxLength(64);
            session
                .HasOne(s => s.Account)
                .WithMany()
                .HasForeignKey(s => s.AccountId)
                .OnDelete(DeleteBehavior.Cascade);
            session.HasIndex(s => s.ExpiresAt);
        });

        // Ending a session or an account ends its families: one indexed update each.
        builder.Entity<Authorization>(family =>
        {
            family.Property(f => f.SessionId).HasMaxLength(64);
            family.HasIndex(f => f.SessionId);
            family.HasIndex(f => f.Subject);
        });
        builder.Entity<Token>(token =>
        {
            token.HasIndex(t => t.ExpirationDate);
            // Nobody asks for the tokens of a person by client and status, and every refresh would move one entry and add another.
            token.Metadata.RemoveIndex(
                token.Metadata.GetIndexes().Single(index => index.Properties.Count == 4)
            );
            token.HasIndex("ApplicationId");
        });

        builder.Entity<SigningKey>(key =>
        {
            key.Property(k => k.Id).HasMaxLength(64);
            key.Property(k => k.Algorithm).HasMaxLength(16);
            // Two instances that start at once make the first key of an algorithm once.
            key.HasIndex(k => new { k.Algorithm, k.ActivatesAt }).IsUnique();
        });

        builder.Entity<Secret>().HasKey(secret => secret.Name);
        builder.Entity<Secret>().Property(secret => secret.Name).HasMaxLength(64);

        builder.Entity<PendingIdentity>(pending =>
        {
            pending.Property(p => p.Id).HasMaxLength(64);
            pending
                .HasOne<Account>()
                .WithMany()
                .HasForeignKey(p => p.AccountId)
                .OnDelete(DeleteBehavior.Cascade);
            pending.HasIndex(p => p.ExpiresAt);
        });

        builder.Entity<OutgoingLetter>().HasIndex(letter => letter.NextAttemptAt);

        builder.Entity<AuditEntry>(entry =>
        {
            entry.Property(e => e.Event).HasMaxLength(64);
            entry.Property(e => e.AccountId).HasMaxLength(64);
            entry.Property(e => e.ClientId).HasMaxLength(100);
            entry.Property(e => e.SessionId).HasMaxLength(64);
            entry.Property(e => e.Address).HasMaxLength(64);
            entry.Property(e => e.NameHash).HasMaxLength(64);
            entry.Property(e => e.TokenHash).HasMaxLength(8);
            entry.Property(e => e.Count).HasDefaultValue(1);
            entry.Property(e => e.Reason).HasMaxLength(200);
            entry.Property(e => e.TraceId).HasMaxLength(64);
            entry.HasIndex(e => e.At);
            // A row for each version; every start asks for the last one, however long the trail is.
            entry.HasIndex(e => e.Event).HasFilter("\"Event\" = 'migration'");
        });
        builder.Entity<AuditLink>(link =>
        {
            link.HasKey(l => l.Seq);
            link.Property(l => l.Seq).ValueGeneratedNever();
            link.HasIndex(l => l.EntryId).IsUnique();
            link.HasIndex(l => l.EventId).IsUnique();
        });
        builder.Entity<AuditCheckpoint>(checkpoint =>
        {
            checkpoint.HasKey(c => c.Seq);
            checkpoint.Property(c => c.Seq).ValueGeneratedNever();
            checkpoint.Property(c => c.KeyId).HasMaxLength(64);
        });
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        // Every instant is UTC, whatever the provider gives back.
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
}
