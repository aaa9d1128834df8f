/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disk that fails when it is told to: SQLite's own file functions behind a counter. */
#include "disk.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

struct file {
	sqlite3_file base;
	sqlite3_file *real; /* in the memory behind this struct */
};

static struct {
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	sqlite3_io_methods methods;
	enum disk_trouble trouble;
	int64_t nth, changes, synced;
} disk;

static bool is_trouble(void)
{
	disk.changes++;
	if (disk.trouble == DISK_GOOD || disk.changes < disk.nth)
		return false;
	if (disk.trouble == DISK_KILL)
		kill(getpid(), SIGKILL);
	return true;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
	return ((struct file *)file)->real;
}

static int disk_close(sqlite3_file *file)
{
	return real_of(file)->pMethods->xClose(real_of(file));
}

static int disk_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
	return real_of(file)->pMethods->xRead(real_of(file), bytes, len, at);
}

static int disk_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
	if (is_trouble())
		return disk.trouble == DISK_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	return real_of(file)->pMethods->xWrite(real_of(file), bytes, len, at);
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	if (is_trouble() && disk.trouble == DISK_BAD)
		return SQLITE_IOERR_TRUNCATE;
	return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int disk_sync(sqlite3_file *file, int flags)
{
	disk.synced++;
	if (is_trouble() && disk.trouble == DISK_BAD)
		return SQLITE_IOERR_FSYNC;
	return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int disk_lock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int disk_unlock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int disk_reserved(sqlite3_file *file, int *result)
{
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file), result);
}

static int disk_control(sqlite3_file *file, int operation, void *argument)
{
	return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int disk_sector(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int disk_features(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int disk_map(sqlite3_file *file, int region, int size, int extend, void volatile **memory)
{
	return real_of(file)->pMethods->xShmMap(real_of(file), region, size, extend, memory);
}

static int disk_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void disk_barrier(sqlite3_file *file)
{
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int disk_unmap(sqlite3_file *file, int remove)
{
	return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *out, int flags, int *out_flags)
{
	struct file *file = (struct file *)out;
	int result;

	(void)vfs;
	file->real = (sqlite3_file *)(file + 1);
	memset(file->real, 0, (size_t)disk.real->szOsFile);
	result = disk.real->xOpen(disk.real, name, file->real, flags, out_flags);
	file->base.pMethods = file->real->pMethods ? &disk.methods : NULL;
	return result;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
	(void)vfs;
	if (is_trouble() && disk.trouble == DISK_BAD)
		return SQLITE_IOERR_DELETE;
	return disk.real->xDelete(disk.real, name, sync_directory);
}

static void install(void)
{
	disk.methods = (sqlite3_io_methods){
		.iVersion = 2,
		.xClose = disk_close,
		.xRead = disk_read,
		.xWrite = disk_write,
		.xTruncate = disk_truncate,
		.xSync = disk_sync,
		.xFileSize = disk_size,
		.xLock = disk_lock,
		.xUnlock = disk_unlock,
		.xCheckReservedLock = disk_reserved,
		.xFileControl = disk_control,
		.xSectorSize = disk_sector,
		.xDeviceCharacteristics = disk_features,
		.xShmMap = disk_map,
		.xShmLock = disk_shm_lock,
		.xShmBarrier = disk_barrier,
		.xShmUnmap = disk_unmap,
	};
	disk.real = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.real;
	disk.vfs.pNext = NULL;
	disk.vfs.zName = "failing-disk";
	disk.vfs.szOsFile = disk.real->szOsFile + (int)sizeof(struct file);
	disk.vfs.xOpen = disk_open;
	disk.vfs.xDelete = disk_delete;
	sqlite3_vfs_register(&disk.vfs, 1);
}

void disk_set(enum disk_trouble trouble, int64_t nth)
{
	if (!disk.real)
		install();
	disk.trouble = trouble;
	disk.nth = nth;
	disk.changes = disk.synced = 0;
}

int64_t disk_changes(void)
{
	return disk.changes;
}

int64_t disk_synced(void)
{
	return disk.synced;
}
