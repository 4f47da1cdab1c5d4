using System.Security.Cryptography;
using BlazorChat.Attachments.Storage;

namespace BlazorChat.Tests.Attachments.Storage;

public sealed class FolderStoreTests
{
    private static readonly byte[] Bytes = [1, 2, 3, 4, 5];
    private static readonly byte[] Hash = SHA256.HashData(Bytes);
    private static readonly string Name = Convert.ToHexStringLower(Hash);

    private readonly string _folder = Path.Combine(Node.NewDataFolder(), "attachments");
    private readonly FolderStore _store;

    public FolderStoreTests() => _store = new FolderStore(_folder);

    private string FilePath => Path.Combine(_folder, Name[..2], Name);

    private string[] Files => [.. Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task The_same_bytes_are_kept_once_under_their_hash()
    {
        await StoreAsync();
        await StoreAsync();

        Assert.Equal([Name], Files);
        await using var content = _store.OpenRead(Hash)!;
        Assert.Equal(Bytes, await ReadAsync(content));
    }

    [Fact]
    public async Task Nobody_finds_what_is_not_kept_and_disposing_throws_it_away()
    {
        using (var received = await _store.ReceiveAsync(new MemoryStream(Bytes), 5, default))
        {
            Assert.Equal(Hash, received.Hash);
            Assert.Equal(5, received.Length);
            Assert.Null(_store.OpenRead(Hash));
        }

        Assert.Empty(Files);
    }

    [Fact]
    public async Task What_is_too_long_leaves_nothing()
    {
        await Assert.ThrowsAsync<ContentTooLongException>(() => _store.ReceiveAsync(new MemoryStream(Bytes), 4, default));

        Assert.Empty(Files);
    }

    [Fact]
    public async Task What_breaks_off_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => _store.ReceiveAsync(new BrokenStream(), 1_000_000, default));

        Assert.Empty(Files);
    }

    [Fact]
    public async Task A_file_that_is_removed_while_it_is_read_is_read_to_its_end()
    {
        await StoreAsync();
        await using var content = _store.OpenRead(Hash)!;

        await RemoveAsync(false, false);

        Assert.Equal(Bytes, await ReadAsync(content));
        Assert.Null(_store.OpenRead(Hash));
    }

    [Fact]
    public async Task What_was_made_of_a_file_goes_with_it()
    {
        await StoreAsync();
        await _store.WriteVariantAsync(Hash, "400.webp", new byte[] { 9 }, default);
        Assert.Equal([Name, $"{Name}.400.webp"], Files);

        await RemoveAsync(true);
        Assert.Equal([Name, $"{Name}.400.webp"], Files);

        await RemoveAsync(false, false);
        Assert.Empty(Files);
    }

    [Fact]
    public async Task A_file_that_is_used_again_between_the_questions_is_restored()
    {
        await StoreAsync();
        await _store.WriteVariantAsync(Hash, "400.webp", new byte[] { 9 }, default);

        await RemoveAsync(false, true);

        Assert.Equal([Name, $"{Name}.400.webp"], Files);
    }

    [Fact]
    public async Task A_file_that_is_kept_between_the_questions_stays_once()
    {
        await StoreAsync();
        var asked = 0;

        await _store.RemoveAsync(Hash, async _ =>
        {
            if (++asked == 1)
                return false;
            await StoreAsync();
            return true;
        }, default);

        Assert.Equal([Name], Files);
    }

    [Fact]
    public async Task A_file_that_is_kept_after_the_second_answer_stays()
    {
        await StoreAsync();
        var asked = 0;

        await _store.RemoveAsync(Hash, async _ =>
        {
            // The row of its owner is written a moment after the second answer, and then the file is stored.
            if (++asked == 2)
                await StoreAsync();
            return false;
        }, default);

        Assert.Equal([Name], Files);
    }

    [Fact]
    public async Task What_another_node_has_moved_away_of_a_new_upload_of_the_same_bytes_comes_back()
    {
        await StoreAsync();
        var asked = 0;
        var answer = new TaskCompletionSource<bool>();
        var other = Task.CompletedTask;

        await _store.RemoveAsync(Hash, async _ =>
        {
            // After this second answer somebody uploads the same bytes, and another node, which found no user of them before, moves them away.
            if (++asked == 2)
            {
                await StoreAsync();
                await _store.WriteVariantAsync(Hash, "400.webp", new byte[] { 9 }, default);
                var askedThere = 0;
                other = _store.RemoveAsync(Hash, _ => ++askedThere == 1 ? Task.FromResult(false) : answer.Task, default);
            }

            return false;
        }, default);
        Assert.Null(_store.OpenRead(Hash));
        answer.SetResult(true);
        await other;

        Assert.Equal([Name, $"{Name}.400.webp"], Files);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_node_took_out_of_sight_before_it_died_is_restored_or_removed(bool isUsed)
    {
        await StoreAsync();
        File.Move(FilePath, $"{FilePath}.trash");
        Assert.Equal([Hash], _store.List(DateTimeOffset.MaxValue));

        await RemoveAsync(isUsed);

        Assert.Equal(isUsed ? [Name] : [], Files);
    }

    [Fact]
    public async Task Only_files_of_some_age_are_listed()
    {
        await StoreAsync();
        await _store.WriteVariantAsync(Hash, "400.webp", new byte[] { 9 }, default);
        await File.WriteAllTextAsync(Path.Combine(_folder, "notes.txt"), "not ours");
        var keptAt = File.GetLastWriteTimeUtc(FilePath);

        Assert.Empty(_store.List(keptAt));
        Assert.Equal([Hash], _store.List(keptAt.AddMinutes(1)));
        Assert.Empty(new FolderStore(Path.Combine(_folder, "none")).List(DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task Only_what_is_unfinished_and_of_some_age_is_thrown_away()
    {
        await StoreAsync();
        using var received = await _store.ReceiveAsync(new MemoryStream([7]), 5, default);
        var begunAt = File.GetLastWriteTimeUtc(received.Path);

        _store.RemoveUnfinished(begunAt);
        Assert.Equal(2, Files.Length);

        _store.RemoveUnfinished(begunAt.AddMinutes(1));
        Assert.Equal([Name], Files);
    }

    private async Task StoreAsync()
    {
        using var received = await _store.ReceiveAsync(new MemoryStream(Bytes), 5, default);
        await _store.StoreAsync(received, default);
    }

    /// <param name="answers">To the questions whether somebody uses it, in turn.</param>
    private async Task RemoveAsync(params bool[] answers)
    {
        var asked = new Queue<bool>(answers);
        await _store.RemoveAsync(Hash, _ => Task.FromResult(asked.Dequeue()), default);
        Assert.Empty(asked);
    }

    private static async Task<byte[]> ReadAsync(Stream content)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private sealed class BrokenStream : MemoryStream
    {
        private bool _isBroken;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_isBroken)
                throw new IOException("The connection broke off.");
            _isBroken = true;
            return ValueTask.FromResult(1);
        }
    }
}
